resource "aws_instance" "app" {
  lifecycle {
    ignore_changes = [ami]
  }
}
