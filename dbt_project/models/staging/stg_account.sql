{{ stage('account') }}
