resource "aws_instance" "app" {
  lifecycle {
    create_before_destroy = true
  }
}
