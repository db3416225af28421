locals {
  public  = { a = "10.0.8.0/24", b = "10.0.9.0/24" }
  vpc_id  = aws_vpc.main.id
  engine  = "mysql"
  storage = "second"
  apps    = toset(["shop", "cart"])
}
