locals {
  region = "eu-west-1"
  tags   = { team = "core" }

  vpc_id      = aws_vpc.main.id
  private_ids = aws_subnet.private[*].id

  ids = {
    vpc = aws_vpc.main.id
    key = aws_kms_key.main.arn
  }
}

locals {
  public  = { a = "10.0.100.0/24", b = "10.0.101.0/24" }
  apps    = toset(["cart", "shop"])
  audited = length(aws_subnet.private) > 0
}
