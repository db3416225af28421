terraform {
  required_version = ">= 1.5"
}

provider "aws" {
  region = local.region
}

variable "cidr" {
  default = "10.8.0.0/16"
}

variable "azs" {
  type    = list(string)
  default = ["a", "b"]
}

resource "aws_vpc" "main" {
  cidr_block = var.cidr

  tags = local.tags

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [tags["team"], enable_dns_support]
  }
}

resource "aws_subnet" "private" {
  count = length(var.azs)

  vpc_id            = local.vpc_id
  cidr_block        = "10.0.${count.index}.0/24"
  availability_zone = var.azs[count.index]
}

resource "aws_subnet" "public" {
  for_each = local.public

  vpc_id     = local.ids.vpc
  cidr_block = each.value
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_security_group" "web" {
  name        = "web"
  description = "web"
  vpc_id      = local.ids["vpc"]
}

resource "aws_security_group" "db" {
  name        = "db"
  description = "db"

  dynamic "ingress" {
    for_each = toset(["5432", "6432"])

    content {
      from_port       = ingress.value
      security_groups = [aws_security_group.web.id]
    }
  }
}

resource "aws_db_subnet_group" "main" {
  name       = "main"
  subnet_ids = local.private_ids
}

resource "aws_db_instance" "main" {
  identifier           = "main"
  engine               = "postgres"
  db_subnet_group_name = aws_db_subnet_group.main.name

  vpc_security_group_ids = [
    aws_security_group.db.id,
  ]
  deletion_protection = true

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_instance" "first" {
  ami       = "ami-1"
  subnet_id = local.private_ids[0]
}

resource "aws_instance" "each" {
  count = 2

  ami       = "ami-1"
  subnet_id = local.private_ids[count.index]
}

resource "aws_kms_key" "main" {
  description = "main"
}

module "app" {
  source   = "./modules/app"
  for_each = local.apps

  name       = each.key
  vpc_id     = local.vpc_id
  subnet_ids = local.private_ids
}

module "queue" {
  source = "git::https://git.example.com/queue.git"
  count  = 2

  name   = "q${count.index}"
  vpc_id = local.ids.vpc
}

module "audit" {
  source = "./modules/audit"
  count  = local.audited ? 1 : 0

  vpc_id = local.vpc_id
}

output "vpc" {
  value = local.vpc_id
}
