moved {
  from = aws_sqs_queue.work[0]
  to   = aws_sqs_queue.work["orders"]
}
moved {
  from = aws_sqs_queue.work[1]
  to   = aws_sqs_queue.work["returns"]
}
