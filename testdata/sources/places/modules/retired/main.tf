resource "aws_sqs_queue" "last" {
  name = "last"
}
