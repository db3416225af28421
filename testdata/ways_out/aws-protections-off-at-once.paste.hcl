resource "aws_db_instance" "main" {
  backup_retention_period = 30
  deletion_protection     = true
}
