moved {
  from = google_sql_database.orders
  to   = module.database["orders"].google_sql_database.app
}
moved {
  from = google_sql_database_instance.orders
  to   = module.database["orders"].google_sql_database_instance.this
}
