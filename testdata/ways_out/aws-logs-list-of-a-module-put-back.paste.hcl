module "logs" {
  names = ["/shop/web", "/shop/api"]
}
