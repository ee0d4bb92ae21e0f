{{ stage('sales_invoice_line') }}
