resource "google_sql_database_instance" "main" {
  name   = "orders"
  region = "europe-west1"
}
