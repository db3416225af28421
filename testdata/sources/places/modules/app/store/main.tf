variable "name" {
  type = string
}

resource "aws_s3_bucket" "this" {
  count  = 2
  bucket = "${var.name}-${count.index}"
}

resource "aws_elasticache_replication_group" "this" {
  replication_group_id = var.name
}
