moved {
  from = azurerm_managed_disk.data
  to   = azurerm_managed_disk.data["disk-data-1"]
}
