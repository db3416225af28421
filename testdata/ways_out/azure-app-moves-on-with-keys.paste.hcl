moved {
  from = azurerm_mssql_database.shop["orders"]
  to   = azurerm_mssql_database.orders
}
