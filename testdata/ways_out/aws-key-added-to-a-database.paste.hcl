resource "aws_db_instance" "main" {
  kms_key_id = null
}
