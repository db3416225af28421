moved {
  from = azurerm_resource_group.shop
  to   = module.shop.azurerm_resource_group.this
}
moved {
  from = azurerm_storage_account.shop
  to   = module.shop.azurerm_storage_account.this
}
moved {
  from = azurerm_storage_container.invoices
  to   = module.shop.azurerm_storage_container.invoices
}
