resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.0.0/24"
}

resource "aws_subnet" "b" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_db_instance" "main" {
  identifier = "main"
  engine     = "postgres"
}

resource "aws_s3_bucket" "receipts" {
  bucket = "acme-receipts"
}

resource "aws_dynamodb_table" "orders" {
  name = "orders"
}

moved {
  from = aws_db_instance.orders
  to   = aws_db_instance.main
}
