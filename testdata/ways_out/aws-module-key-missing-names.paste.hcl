moved {
  from = module.store
  to   = module.archive
}
