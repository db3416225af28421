# in module.logs
resource "aws_cloudwatch_log_group" "this" {
  # In place of count, of count.index and of the list.
  for_each = toset(["/shop/api", "/shop/web"])
  name     = each.key
}
moved {
  from = module.logs.aws_cloudwatch_log_group.this[0]
  to   = module.logs.aws_cloudwatch_log_group.this["/shop/web"]
}
moved {
  from = module.logs.aws_cloudwatch_log_group.this[1]
  to   = module.logs.aws_cloudwatch_log_group.this["/shop/api"]
}
