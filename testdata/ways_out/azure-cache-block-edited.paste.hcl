resource "azurerm_redis_cache" "main" {
  redis_configuration {
    aof_backup_enabled = true
  }
}
