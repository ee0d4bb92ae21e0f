{{ stage('payment_line') }}
