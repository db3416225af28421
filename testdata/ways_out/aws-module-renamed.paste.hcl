moved {
  from = module.db
  to   = module.database
}
