variable "name" {}

variable "vpc_id" {}

variable "queues" {
  default = ["in", "out"]
}

locals {
  prefix = "acme-${var.name}"
}

resource "aws_security_group" "workers" {
  name        = "${local.prefix}-workers"
  description = "workers"
  vpc_id      = var.vpc_id
}

resource "aws_sqs_queue" "this" {
  for_each = toset(var.queues)

  name = "${local.prefix}-${each.key}"
}

output "worker_group" {
  value = aws_security_group.workers.id
}

moved {
  from = aws_sqs_queue.main
  to   = aws_sqs_queue.this
}
