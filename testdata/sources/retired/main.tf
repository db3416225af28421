resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

module "more" {
  source = "./modules/more"
}

removed {
  from = aws_s3_bucket.old

  lifecycle {
    destroy = false
  }
}
