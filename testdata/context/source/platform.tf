variable "password" {
  default   = "m4rk3r-0f-the-password"
  sensitive = true
}
variable "owner" {
  default   = "m4rk3r-0f-the-owner"
  sensitive = true
}

resource "aws_security_group" "database" {
  name   = "database"
  vpc_id = VPC
}

resource "aws_eks_cluster" "main" {
  name       = "platform"
  subnet_ids = SUBNETS
}

resource "aws_eks_node_group" "workers" {
  count           = 3
  cluster_name    = aws_eks_cluster.main.name
  node_group_name = "workers-${count.index}"
  subnet_ids      = SUBNETS
}

resource "aws_db_subnet_group" "main" {
  name       = "platform-databases"
  subnet_ids = SUBNETS
}

resource "aws_db_instance" "orders" {
  identifier             = "orders"
  engine                 = "postgres"
  username               = "orders"
  password               = var.password
  db_subnet_group_name   = aws_db_subnet_group.main.name
  vpc_security_group_ids = [aws_security_group.database.id]
  tags                   = { owner = var.owner }
}

resource "aws_sqs_queue" "events" {
  name = "events"
}
