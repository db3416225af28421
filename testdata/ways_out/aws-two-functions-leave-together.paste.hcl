removed {
  from = aws_iam_role.resize
  lifecycle {
    destroy = false
  }
}
removed {
  from = aws_lambda_function.resize
  lifecycle {
    destroy = false
  }
}
