import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.jaxb.object.Message;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What EU DSS says of the signatures in PDF files, without network: each file on its own is all there is, and one root to trust.
 * usage: Judge ROOT.pem FILE.pdf...
 * A line a signature: file, field, indication, sub-indication, level, complaints, with tabs between. A file without one has a line, too.
 */
public class Judge {
    public static void main(String[] args) {
        var anchors = new CommonTrustedCertificateSource();
        anchors.addCertificate(DSSUtils.loadCertificate(new File(args[0])));
        for (String file : Arrays.asList(args).subList(1, args.length)) {
            try {
                judge(file, anchors);
            } catch (Exception | StackOverflowError | OutOfMemoryError damage) {
                line(file, "", "UNREADABLE", "", "", String.valueOf(damage.getMessage()));
            }
        }
    }

    private static void judge(String file, CommonTrustedCertificateSource anchors) {
        var verifier = new CommonCertificateVerifier(); // knows no source of OCSP, CRLs or certificates but the file
        verifier.setTrustedCertSources(anchors);
        var validator = SignedDocumentValidator.fromDocument(new FileDocument(file));
        validator.setCertificateVerifier(verifier);
        Reports reports = validator.validateDocument();
        SimpleReport report = reports.getSimpleReport();
        if (report.getSignatureIdList().isEmpty()) {
            line(file, "", "NO_SIGNATURE", "", "", "");
        }
        for (String id : report.getSignatureIdList()) {
            SignatureWrapper signature = reports.getDiagnosticData().getSignatureById(id);
            line(file, String.join("+", signature.getSignatureFieldNames()), report.getIndication(id), report.getSubIndication(id),
                    report.getSignatureFormat(id), String.join("; ", complaints(report, signature, id)));
        }
    }

    private static List<String> complaints(SimpleReport report, SignatureWrapper signature, String id) {
        var complaints = new ArrayList<String>();
        for (Message error : report.getAdESValidationErrors(id)) complaints.add("error: " + error.getValue());
        for (Message warning : report.getAdESValidationWarnings(id)) complaints.add("warning: " + warning.getValue());
        if (signature.arePdfModificationsDetected()) complaints.add("pages or annotations were modified");
        for (var change : signature.getPdfUndefinedChanges()) complaints.add("undefined change: " + change.getValue());
        return complaints;
    }

    private static void line(Object... columns) {
        var texts = new ArrayList<String>();
        for (Object column : columns) texts.add(column == null ? "" : column.toString().replaceAll("\\s+", " "));
        System.out.println(String.join("\t", texts));
    }
}
