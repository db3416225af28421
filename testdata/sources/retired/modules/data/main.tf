variable "vpc_id" {}

resource "aws_db_instance" "main" {
  identifier = "main"
  engine     = "postgres"

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_sqs_queue" "events" {
  name = "events"
}
