variable "name" {
  type = string
}

resource "aws_sqs_queue" "dead" {
  tags = {
    of = var.name
  }

  name = "dead-${var.name}"
}
