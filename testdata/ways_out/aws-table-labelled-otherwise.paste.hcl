resource "aws_dynamodb_table" "orders" {
  tags = {
    "environment" = "production"
    "team"        = "shop"
  }
}
