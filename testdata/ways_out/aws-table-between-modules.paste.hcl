moved {
  from = module.shop.aws_dynamodb_table.orders
  to   = module.billing.aws_dynamodb_table.orders
}
