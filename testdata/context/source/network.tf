variable "cidr" { default = "10.0" }
variable "group" { default = "shared" }

resource "aws_vpc" "main" {
  cidr_block = "${var.cidr}.0.0/16"
  tags       = { environment = "production" }
}

resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "${var.cidr}.1.0/24"
}

resource "aws_subnet" "b" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "${var.cidr}.2.0/24"
}

resource "aws_security_group" "shared" {
  name   = var.group
  vpc_id = aws_vpc.main.id
}
