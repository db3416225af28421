moved {
  from = module.platform.module.store
  to   = module.platform.module.warehouse
}
