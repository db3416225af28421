terraform state rm 'azurerm_linux_virtual_machine.app["b"]'
