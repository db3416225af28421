variable "vpc_id" {}

resource "aws_cloudwatch_log_group" "flow" {
  name              = "flow"
  retention_in_days = 30
}

resource "aws_iam_role" "flow" {
  name = "flow-${var.vpc_id}"
}
