{{ stage('gl_balance') }}
