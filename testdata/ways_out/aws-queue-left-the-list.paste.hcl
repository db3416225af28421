resource "aws_sqs_queue" "work" {
  # In place of count, of count.index and of the list.
  for_each = toset(["returns", "audit"])
  name     = each.key
}
moved {
  from = aws_sqs_queue.work[0]
  to   = aws_sqs_queue.work["orders"]
}
moved {
  from = aws_sqs_queue.work[1]
  to   = aws_sqs_queue.work["returns"]
}
moved {
  from = aws_sqs_queue.work[2]
  to   = aws_sqs_queue.work["audit"]
}
