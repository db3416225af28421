variable "name" {}
variable "sg" {}

locals {
  groups = [var.sg]
}

resource "aws_elasticache_replication_group" "this" {
  replication_group_id = var.name
  description          = "store"
  security_group_ids   = local.groups
}

resource "aws_s3_bucket" "this" {
  bucket = "store-${var.name}"

  provisioner "local-exec" {
    command = "echo made ${self.id}"
  }
}
