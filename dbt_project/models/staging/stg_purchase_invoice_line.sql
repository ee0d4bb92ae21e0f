{{ stage('purchase_invoice_line') }}
