variable "cidr" {
  type = string
}

variable "engine" {
  type    = string
  default = "postgres"
}

variable "buckets" {
  type = set(string)
}

variable "copies" {
  type = number
}

variable "prefix" {
  type = string
}

resource "aws_vpc" "main" {
  tags = {
    Name = "main"
  }

  cidr_block = var.cidr
}

resource "aws_subnet" "zone" {
  count = 2

  cidr_block = "10.0.${count.index}.0/24"
  vpc_id     = aws_vpc.main.id
}

resource "aws_subnet" "public" {
  for_each = local.public

  vpc_id = local.vpc_id

  cidr_block = each.value
}

resource "aws_dynamodb_table" "orders" {
  name = "orders"

  hash_key = "order_id"
}

resource "aws_dynamodb_table" "events" {
  name = "events-${count.index}"

  count = var.copies
}

resource "aws_s3_bucket" "logs" {
  bucket = "logs-${each.key}"

  for_each = var.buckets
}

resource "aws_db_instance" "main" {
  identifier = "main"
  engine     = local.engine
}

resource "aws_instance" "web" {
  instance_type = "t3.small"
  ami           = "ami-0"
}

resource "aws_kinesis_stream" "clicks" {
  name = "clicks"

  lifecycle {
    create_before_destroy = false
    replace_triggered_by  = [aws_dynamodb_table.orders]
  }
}

resource "azurerm_redis_cache" "fixed" {
  name = "fixed"

  redis_configuration {
    maxmemory_policy = "noeviction"
    aof_backup_enabled = false
  }
}

resource "azurerm_redis_cache" "made" {
  name = "made"

  dynamic "redis_configuration" {
    for_each = toset(["one"])

    content {
      maxmemory_policy       = "noeviction"
      rdb_storage_connection = local.storage
    }
  }
}

module "app" {
  source   = "./modules/app"
  for_each = local.apps

  name   = each.key
  prefix = var.prefix
  vpc    = aws_vpc.main.id
}

module "queue" {
  source = "git::https://git.example.com/queue.git"
  count  = 1

  name = "second"
}
