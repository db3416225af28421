variable "name" {
  type = string
}

# The queue, and the topic that feeds it.
resource "aws_sqs_queue" "this" {
  name = local.full
}

resource "aws_sns_topic" "feed" {
  count = 2

  name = "${local.full}-${count.index}"
}

locals {
  full = "q-${var.name}"
}

module "dead" {
  source = "./modules/dead"

  name = var.name
}
