resource "aws_lb" "web" {
  name            = "web"
  subnets         = SUBNETS
  security_groups = [GROUP]
}

resource "aws_instance" "job" {
  count                  = 30
  ami                    = "ami-0123456789abcdef0"
  subnet_id              = PRIVATE
  vpc_security_group_ids = [GROUP]
}

resource "aws_eks_addon" "dns" {
  cluster_name = CLUSTER
  addon_name   = "coredns"
}

resource "aws_ecs_service" "orders" {
  name   = "orders"
  cluster = "arn:aws:ecs:eu-west-1:444455556666:cluster/elsewhere"
  tags   = { database = DATABASE }
}

resource "aws_instance" "alone" {
  ami       = "ami-0123456789abcdef0"
  user_data = QUEUE
}
