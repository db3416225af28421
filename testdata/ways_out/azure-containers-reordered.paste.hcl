resource "azurerm_storage_container" "data" {
  # In place of count, of count.index and of the list.
  for_each = toset(["archive", "clean", "raw"])
  name     = each.key
}
moved {
  from = azurerm_storage_container.data[0]
  to   = azurerm_storage_container.data["raw"]
}
moved {
  from = azurerm_storage_container.data[1]
  to   = azurerm_storage_container.data["clean"]
}
moved {
  from = azurerm_storage_container.data[2]
  to   = azurerm_storage_container.data["archive"]
}
