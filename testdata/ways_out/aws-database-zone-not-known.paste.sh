terraform apply -target='terraform_data.settings'
