removed {
  from = aws_lambda_function.resize
  lifecycle {
    destroy = false
  }
}
