resource "aws_security_group" "this" {
  name = var.name

  # The network that it lies in.
  vpc_id = var.vpc
}
