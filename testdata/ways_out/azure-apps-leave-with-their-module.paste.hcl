removed {
  from = module.apps.azurerm_linux_web_app.admin
  lifecycle {
    destroy = false
  }
}
removed {
  from = module.apps.azurerm_linux_web_app.shop
  lifecycle {
    destroy = false
  }
}
