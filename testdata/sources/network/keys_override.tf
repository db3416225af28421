resource "aws_kms_key" "main" {
  description             = "overridden"
  deletion_window_in_days = 30
}
