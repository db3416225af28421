topics = ["orders", "returns"]
