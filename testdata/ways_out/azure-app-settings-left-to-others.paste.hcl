resource "azurerm_linux_web_app" "shop" {
  lifecycle {
    ignore_changes = [app_settings]
  }
}
