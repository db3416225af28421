variable "name" {}
variable "vpc_id" {}
variable "subnet_ids" {}

locals {
  network = { vpc = var.vpc_id, subnets = var.subnet_ids }
}

resource "aws_security_group" "this" {
  name        = var.name
  description = "app"
  vpc_id      = local.network.vpc
}

resource "aws_ecs_cluster" "this" {
  name = var.name
}

resource "aws_ecs_service" "this" {
  name            = var.name
  cluster         = aws_ecs_cluster.this.arn
  subnets         = local.network.subnets
  security_groups = [aws_security_group.this.id]
}

module "store" {
  source = "./store"

  name = var.name
  sg   = aws_security_group.this.id
}
