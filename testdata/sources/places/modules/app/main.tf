variable "name" {
  type = string
}

variable "prefix" {
  type = string
}

variable "vpc" {
  type = string
}

locals {
  full = "${var.prefix}-${var.name}"
}

resource "aws_ecs_cluster" "this" {
  name = local.full
}

resource "aws_ecs_service" "this" {
  name    = "service"
  cluster = aws_ecs_cluster.this.id
}

module "store" {
  source = "./store"

  name = local.full
}
