module "orders" {
  engine = "postgres"
}
